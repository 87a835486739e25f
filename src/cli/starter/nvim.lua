-- Neovim 0.11 or later reads this where `exrc` is set and the file is trusted (`:trust`).
vim.lsp.config("yamlls", {
  -- The schema is looked up from the book's folder, be it a repository or part of one.
  root_markers = { "book.toml", ".git" },
  settings = {
    yaml = {
      schemas = {
        [".pincite/annotations.json"] = { "content/annotations/**/*.yaml", "content/annotations/**/*.yml" },
      },
    },
  },
})
