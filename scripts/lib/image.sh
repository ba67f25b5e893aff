# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Building a kernel whose description names a configuration, in the tree that modules are then
# built against.

# What such a configuration never reads, though its drivers' Kconfig and Makefile are read.
image_left_out=(--exclude='*/Documentation/*/*' --exclude='*/tools/testing/*/*' --exclude='*/sound/*.[ch]'
	--exclude='*/arch/a*/*.[cS]' --exclude='*/drivers/net/*/*.[ch]')
for image_drivers in gpu infiniband media scsi staging; do
	image_left_out+=("--exclude=*/drivers/$image_drivers/*.[ch]")
done

# image_configure DIRECTORY
image_configure() {
	local new=$1 wanted=$repo/scripts/kernels/$config
	cp "$wanted" "$new/build/wanted.config"
	tree_make "$new" "KCONFIG_ALLCONFIG=$inner_build/wanted.config" allnoconfig ||
		die "the kernel could not be configured"
	image_check_config "$wanted" "$new/build/.config"
}

# image_check_config WANTED CONFIG: the kernel's configuration drops, without a word, an option
# that depends on one that is not set, or that the kernel no longer has.
image_check_config() {
	local option line lost=()
	while read -r line; do
		case $line in
		CONFIG_*) grep -qxF "$line" "$2" || lost+=("$line") ;;
		"# CONFIG_"*" is not set")
			option=${line#"# "}
			! grep -q "^${option%% *}=" "$2" || lost+=("$line")
			;;
		esac
	done <"$1"
	[ "${#lost[@]}" = 0 ] || die "what scripts/kernels/$config asks for did not come true:" "${lost[@]}"
}

# image_build DIRECTORY
image_build() {
	local new=$1
	image_progress "$new/log" &
	tree_make "$new" bzImage || die "the kernel could not be built"
	# There is no module in it, so that this is all that there is to link to.
	cp "$new/build/vmlinux.symvers" "$new/build/Module.symvers"
	# virtme-ng looks for modules next to an image that lies where it was built.
	ln "$new/build/arch/x86/boot/bzImage" "$new/build/vmlinuz"
}

# image_progress LOG: says now and then how far it is, until this script has ended.
image_progress() {
	cache_close
	tail --lines=0 --follow --pid=$$ "$1" |
		awk -v files="$config_files" '/^  (CC|AS|RUSTC|HOSTCC) / && ++n % 200 == 0 {
			print "  " n " of about " files " files compiled"; fflush() }' >&2
}
