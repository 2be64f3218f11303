# fish completion for pcaptool. It knows nothing by itself: what can follow
# where the cursor is the tool on the line is asked.

function __pcaptool_offer
    set -l words (commandline -opc)
    set -l raw (commandline -ct)
    set -l tool (string replace -r '^~' $HOME -- $words[1])
    # a quote that is still open is not part of the word
    set -l last (string unescape -- $raw)
    or set last (string replace -r '^[\'"]' '' -- $raw)

    set -l said ($tool --options-as completion -- $words[2..-1] "$last" \
        2>/dev/null)
    for word in $said[2..-1]
        if string match -q -- '@files *' $word
            set -l before (string sub -s 8 -- $word)
            set -l begun (string sub -s (math 1 + (string length -- "$before")) \
                -- "$last")
            __fish_complete_path "$begun" | string replace -r '^' -- "$before"
        else
            echo $word
        end
    end
end

complete -c pcaptool -f -a '(__pcaptool_offer)'
