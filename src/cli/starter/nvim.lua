-- Neovim 0.11 or later reads this where `exrc` is set and the file is trusted (`:trust`).
vim.lsp.config("yamlls", {
  settings = {
    yaml = {
      schemas = {
        [".pincite/annotations.json"] = { "content/annotations/**/*.yaml", "content/annotations/**/*.yml" },
      },
    },
  },
})
