;;; plimsoll.el --- plimsoll with eglot  -*- lexical-binding: t -*-

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((dockerfile-ts-mode dockerfile-mode yaml-ts-mode yaml-mode)
                 . ("plimsoll" "lsp"))))

(dolist (hook '(dockerfile-ts-mode-hook dockerfile-mode-hook yaml-ts-mode-hook yaml-mode-hook))
  (add-hook hook #'eglot-ensure))

;;; plimsoll.el ends here
