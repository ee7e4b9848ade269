# shellcheck shell=bash
# Everything in lib/, for the scripts that need more than common.sh.
for file in common machine pki control-plane node network images addons components; do
  # shellcheck source=/dev/null
  . "$(dirname "${BASH_SOURCE[0]}")/$file.sh"
done
