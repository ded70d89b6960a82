-- Run by tests/neovim.rs: opens the file that is named, waits for its diagnostics, takes the code
-- action whose title starts with ACTION, saves, and tells what it saw as JSON.
vim.g.plimsoll_path = vim.env.PLIMSOLL
vim.cmd("filetype on")
vim.cmd("luafile " .. vim.env.SNIPPET)

local function fail(message)
  io.stderr:write(message .. "\n")
  vim.cmd("cquit 1")
end

local function wait(what, is_so)
  if not vim.wait(20000, is_so, 20) then
    fail("waited in vain for " .. what)
  end
end

vim.cmd("edit " .. vim.env.FILE)
local buffer = vim.api.nvim_get_current_buf()
wait("diagnostics", function()
  return #vim.diagnostic.get(buffer) > 0
end)
local first = vim.diagnostic.get(buffer)

local position = { line = first[1].lnum, character = first[1].col }
local parameters = {
  textDocument = vim.lsp.util.make_text_document_params(buffer),
  range = { start = position, ["end"] = position },
  context = { diagnostics = {} },
}
local action, encoding
for id, answer in pairs(vim.lsp.buf_request_sync(buffer, "textDocument/codeAction", parameters, 10000)) do
  encoding = vim.lsp.get_client_by_id(id).offset_encoding
  for _, offered in ipairs(answer.result) do
    if not action and vim.startswith(offered.title, vim.env.ACTION) then
      action = offered
    end
  end
end
if not action then
  fail("no such code action")
end
vim.lsp.util.apply_workspace_edit(action.edit, encoding)
wait("fewer diagnostics", function()
  return #vim.diagnostic.get(buffer) < #first
end)
vim.cmd("write")

local function told(diagnostics)
  return vim.tbl_map(function(it)
    return { it.code or it.user_data.lsp.code, it.lnum, it.col, it.end_lnum, it.end_col }
  end, diagnostics)
end
io.stdout:write(vim.json.encode({
  first = told(first),
  title = action.title,
  last = told(vim.diagnostic.get(buffer)),
  text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), "\n") .. "\n",
}))
vim.cmd("qall!")
