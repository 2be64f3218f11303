# fish completion for pcaptool. It knows nothing by itself: the commands, the
# options and their values are asked of the tool that is on the line.

# What fits behind the words before the cursor; "@files" stands for files.
function __pcaptool_offer
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l tool (string replace -r '^~' $HOME -- $words[1])
    set -l command ''
    set -l option ''
    set -l prefix ''
    set -l said

    set -l skip 0
    for word in $words[2..-1]
        if test $skip = 1
            set skip 0
        else if test "$word" = --libpcap
            set skip 1
        else if not string match -q -- '-*' $word
            set command $word
            break
        end
    end

    if string match -q -- '--*=*' $current
        set option (string replace -r '=.*' '' -- $current)
        set prefix $option=
        set current (string replace -r '^[^=]*=' '' -- $current)
    else if test (count $words) -gt 1; and string match -q -- '-?*' $words[-1]
        set option $words[-1]
    end
    if test -n "$option"
        set said ($tool --options-as values "$command" $option 2>/dev/null)
    end
    if test -z "$said"
        set prefix ''
        if string match -q -- '-*' $current
            set said ($tool --options-as words $command 2>/dev/null)
        else if test -z "$command"
            set said ($tool --options-as words 2>/dev/null |
                string match -v -- '-*')
        else
            set said ($tool --options-as values $command 2>/dev/null)
        end
    end
    for word in $said
        if test "$word" = @files
            __fish_complete_path $current | string replace -r '^' -- "$prefix"
        else
            echo $prefix$word
        end
    end
end

complete -c pcaptool -f -a '(__pcaptool_offer)'
