-- plimsoll in Neovim 0.7 and later, with its built-in client: `:luafile` it, or put it into
-- `plugin/`. `vim.g.plimsoll_path` may name the program.
local clients = {}

vim.api.nvim_create_autocmd("FileType", {
  pattern = { "dockerfile", "yaml", "yaml.docker-compose", "json", "toml" },
  callback = function(event)
    local file = vim.api.nvim_buf_get_name(event.buf)
    if vim.bo[event.buf].filetype == "toml" and not file:match("plimsoll%.toml$") then
      return
    end
    local marker = vim.fn.finddir(".git", vim.fn.fnamemodify(file, ":h") .. ";")
    local root = vim.fn.fnamemodify(marker ~= "" and marker or file, ":p"):gsub("/$", ""):match("(.*)/")
    clients[root] = clients[root]
      or vim.lsp.start_client({
        name = "plimsoll",
        cmd = { vim.g.plimsoll_path or "plimsoll", "lsp" },
        root_dir = root,
        workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
        on_exit = function()
          clients[root] = nil
        end,
      })
    vim.lsp.buf_attach_client(event.buf, clients[root])
  end,
})
