# Completion scripts, as `fmnist-tui completion SHELL` writes them. They are kept here, so that an
# installation need not run the program.
dist_bashcompletion_DATA = completions/bash/fmnist-tui
dist_zshcompletion_DATA = completions/zsh/_fmnist-tui
dist_fishcompletion_DATA = completions/fish/fmnist-tui.fish

# Writes them anew, after a change of commands or options.
completion-scripts: fmnist-tui$(EXEEXT)
	./fmnist-tui$(EXEEXT) completion bash >$(srcdir)/completions/bash/fmnist-tui
	./fmnist-tui$(EXEEXT) completion zsh >$(srcdir)/completions/zsh/_fmnist-tui
	./fmnist-tui$(EXEEXT) completion fish >$(srcdir)/completions/fish/fmnist-tui.fish
