# Completion for fish, made by: fmnist-tui completion fish

# The words before the cursor that are neither options nor their values.
function __fmnist_tui_words
    set -l option
    set -l only_words
    for word in (commandline -opc)[2..-1]
        if test -n "$option"
            set option
        else if test -n "$only_words"
            printf '%s\n' $word
        else if test "$word" = --
            set only_words yes
        else if string match -qr -- '^-.' $word
            contains -- $word -m --model -e --epochs -b --batch -l --lr -s --seed -t --threads --isa -d --data --store --name --keep --save-every -o --output --rounds --split --worst --glyphs --color --background
            and set option $word
        else
            printf '%s\n' $word
        end
    end
end

# Whether the command is one of those given; "" stands for none.
function __fmnist_tui_command
    set -l words (__fmnist_tui_words)
    contains -- "$words[1]" $argv
end

# Whether the next word is the argument of that number, or, with `on`, a later one.
function __fmnist_tui_argument --argument-names command number on
    set -l words (__fmnist_tui_words)
    test "$words[1]" = $command
    or return
    set -l next (math (count $words) - 1)
    test $next -eq $number
    or test -n "$on" -a $next -gt $number
end

function __fmnist_tui_runs
    set -l words (commandline -opc)
    set -l program $words[1]
    set -l store
    while set -q words[2]
        set -e words[1]
        if string match -q -- '--store=*' $words[1]
            set store $words[1]
        else if test "$words[1]" = --store; and set -q words[2]
            set store --store=$words[2]
        end
    end
    $program runs list --names $store 2>/dev/null
end

complete -c fmnist-tui -f
complete -c fmnist-tui -n '__fmnist_tui_command ""' -a dashboard -d 'train and show it on a screen (the default on a terminal)'
complete -c fmnist-tui -n '__fmnist_tui_command ""' -a train -d 'train without screens and print the result'
complete -c fmnist-tui -n '__fmnist_tui_command ""' -a evaluate -d 'measure a trained network on test, validation or training images'
complete -c fmnist-tui -n '__fmnist_tui_argument evaluate 0' -F -a '(__fmnist_tui_runs)'
complete -c fmnist-tui -n '__fmnist_tui_command ""' -a predict -d 'tell what a trained network takes images for'
complete -c fmnist-tui -n '__fmnist_tui_argument predict 0' -F -a '(__fmnist_tui_runs)'
complete -c fmnist-tui -n '__fmnist_tui_argument predict 1 on' -F
complete -c fmnist-tui -n '__fmnist_tui_command ""' -a import -d 'make a run of weights from elsewhere, such as PyTorch'
complete -c fmnist-tui -n '__fmnist_tui_argument import 0' -F
complete -c fmnist-tui -n '__fmnist_tui_command ""' -a watch -d 'show a run of another process, or replay one that has ended'
complete -c fmnist-tui -n '__fmnist_tui_argument watch 0' -a '(__fmnist_tui_runs)'
complete -c fmnist-tui -n '__fmnist_tui_argument watch 1' -a '(__fmnist_tui_runs)'
complete -c fmnist-tui -n '__fmnist_tui_command ""' -a runs -d 'list, show, compare, rename or delete stored runs'
complete -c fmnist-tui -n '__fmnist_tui_argument runs 0' -a 'list show rm rename compare'
complete -c fmnist-tui -n '__fmnist_tui_argument runs 1 on' -a '(__fmnist_tui_runs)'
complete -c fmnist-tui -n '__fmnist_tui_command ""' -a export -d 'write a recorded run as CSV, JSON, HTML or for TensorBoard'
complete -c fmnist-tui -n '__fmnist_tui_argument export 0' -a '(__fmnist_tui_runs)'
complete -c fmnist-tui -n '__fmnist_tui_command ""' -a bench -d 'measure how fast the engine is here, and where its time goes'
complete -c fmnist-tui -n '__fmnist_tui_command ""' -a completion -d 'write a script that completes commands and options in a shell'
complete -c fmnist-tui -n '__fmnist_tui_argument completion 0' -a 'bash zsh fish'
complete -c fmnist-tui -n '__fmnist_tui_command ""' -a config -d 'print the settings in force and where each is from'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train import bench config' -l model -s m -x -a 'lenet alexnet' -d 'network to train: lenet or alexnet (lenet)'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train import config' -l epochs -s e -x -d 'times to go through the training images (15)'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train import bench config' -l batch -s b -x -d 'images a training step (100)'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train import config' -l lr -s l -x -d 'learning rate of Adam (0.001)'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train evaluate import config' -l seed -s s -x -d 'seed of weights, split, order and dropout (1)'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train evaluate predict import bench config' -l threads -s t -x -d 'threads of the engine (as many as CPUs)'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train evaluate predict import bench config' -l isa -x -a 'reference generic avx2 avx512' -d 'kernels: reference, generic, avx2 or avx512 (the best)'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train evaluate predict import watch export config' -l data -s d -x -a '(__fish_complete_directories)' -d 'directory with the four IDX files'
complete -c fmnist-tui -n '__fmnist_tui_command train' -l fast-reduce -d 'let MPI add up gradients: bits depend on the number of ranks'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train evaluate import watch config' -l sample -d 'train on the small sample in the program'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train evaluate predict import watch runs export config' -l store -x -a '(__fish_complete_directories)' -d 'directory of the runs that are kept'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train config' -l no-store -d 'keep nothing of this run'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train import' -l name -x -d 'what to call this run'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train config' -l keep -x -d 'checkpoints to keep beside best and last (2)'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train' -l resume -a '(__fmnist_tui_runs)' -d 'go on with that run, or the newest'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train config' -l save-every -x -d 'checkpoints within an epoch (60)'
complete -c fmnist-tui -n '__fmnist_tui_command watch' -l steer -d 'pass keys on to the program that trains the run'
complete -c fmnist-tui -n '__fmnist_tui_command runs' -l names -d 'only numbers and names, one a line'
complete -c fmnist-tui -n '__fmnist_tui_command train evaluate predict import runs export bench' -l json -d 'write the result as JSON to stdout'
complete -c fmnist-tui -n '__fmnist_tui_command export' -l csv -d 'write a table of the evaluations, or all tables into --output'
complete -c fmnist-tui -n '__fmnist_tui_command export' -l html -d 'write one HTML file with curves, matrix and mistakes'
complete -c fmnist-tui -n '__fmnist_tui_command export' -l tensorboard -d 'write event files for TensorBoard into --output'
complete -c fmnist-tui -n '__fmnist_tui_command export' -l output -s o -r -F -d 'file, or folder, to write (stdout)'
complete -c fmnist-tui -n '__fmnist_tui_command runs export' -l force -s f -d 'replace files, delete runs without asking'
complete -c fmnist-tui -n '__fmnist_tui_command bench config' -l rounds -x -d 'how often to measure (5)'
complete -c fmnist-tui -n '__fmnist_tui_command evaluate' -l split -x -a 'test val train' -d 'images to evaluate on: test, val or train (test)'
complete -c fmnist-tui -n '__fmnist_tui_command evaluate' -l worst -x -d 'how many of the surest mistakes to show (3)'
complete -c fmnist-tui -n '__fmnist_tui_command predict' -l invert -d 'the images are dark on light'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard evaluate predict watch runs config' -l glyphs -x -a 'auto ascii utf8' -d 'characters: auto, ascii or utf8 (auto)'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard evaluate predict watch runs config' -l ascii -d 'the same as --glyphs ascii'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard evaluate predict watch runs config' -l color -x -a 'auto always never none 8 16 256 24bit' -d 'auto, always, never, 8, 16, 256 or 24bit (auto)'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard evaluate predict watch runs config' -l background -x -a 'auto dark light' -d 'auto, dark or light (auto)'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard watch config' -l no-mouse -d 'leave the mouse to the terminal'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard watch config' -l plain -d 'no screens: a sentence an event, and the same keys'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard' -l test-card -d 'show what is known of the terminal, for bug reports'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train evaluate predict import watch runs export bench completion config' -l help -s h -d 'show this text'
complete -c fmnist-tui -n '__fmnist_tui_command "" dashboard train evaluate predict import watch runs export bench completion config' -l version -s V -d 'show the version'
