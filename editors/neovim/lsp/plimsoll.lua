return {
  cmd = { "plimsoll", "lsp" },
  filetypes = { "dockerfile", "yaml", "yaml.docker-compose", "json" },
  root_markers = { "plimsoll.toml", ".git" },
}
