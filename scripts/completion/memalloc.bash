# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Completion of scripts/memalloc for bash: source this file. The words come from the program, which
# asks the module, so that new scenarios need no change here.

_memalloc() {
	local line=${COMP_LINE:0:COMP_POINT} words
	read -ra words <<<"$line"
	# What is begun after a blank is an empty word.
	[[ $line != *[[:blank:]] ]] || words+=('')
	local word=${words[-1]} before=${words[-2]} is_file=
	case ${words[1]-} in
	results | record | replay | compare | plot | report) [[ ${#words[@]} == 2 || $word == -* ]] || is_file=yes ;;
	esac
	case $before in
	--results | --output | -o | --against) is_file=yes ;;
	--changed | --no-plots) ;;
	--*) is_file= ;;
	esac
	if [[ $is_file ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
	fi
	mapfile -t COMPREPLY < <("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null)
	# bash takes = for the end of a word: it wants only what follows.
	if [[ $word == *=* && $COMP_WORDBREAKS == *=* ]]; then
		COMPREPLY=("${COMPREPLY[@]#"${word%%=*}="}")
	fi
	[[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace
}

complete -F _memalloc memalloc scripts/memalloc ./scripts/memalloc
