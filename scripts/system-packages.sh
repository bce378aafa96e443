#!/usr/bin/env bash
# Installs what the tests need of the system beyond Node: Chromium, for the tests of the account page. Where that is not
# possible it says so and ends well; those tests then say that they were left out.
set -uo pipefail

for name in chromium chromium-browser google-chrome chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done

skip() {
  echo "SKIPPED: Chromium is not installed, and $1. The tests of the account page are left out." >&2
  exit 0
}

command -v apt-get >/dev/null || skip 'this system has no apt-get to install it with'
[ "$(id -u)" = 0 ] || skip 'only root may install it: sudo scripts/system-packages.sh'
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >/dev/null || skip 'the list of packages could not be read'
apt-get install -y -qq --no-install-recommends chromium >/dev/null || skip 'it could not be installed'
