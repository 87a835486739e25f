// Leads on from where a text stood before to the same paragraph of it.
location.replace(document.currentScript.dataset.to + location.hash);
