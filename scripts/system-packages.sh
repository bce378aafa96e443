#!/usr/bin/env bash
# Installs what the tests need of the system beyond Node, one group at a time: Chromium for the tests of the account page,
# the recogniser and voices of speech, recordings of people, and a keychain. Where a group cannot be installed this says so
# and goes on; the tests of that group then say that they were left out. What is there already costs no time.
set -uo pipefail
export DEBIAN_FRONTEND=noninteractive

has_command() { command -v "$1" >/dev/null; }
has_library() {
  local file
  for file in /usr/lib/*/"$1" /usr/lib/"$1" /usr/lib64/"$1" /usr/local/lib/"$1"; do [ -e "$file" ] && return; done
  return 1
}

has_chromium() {
  local name
  for name in chromium chromium-browser google-chrome chrome; do has_command "$name" && return; done
  return 1
}
has_recogniser() {
  has_library libpocketsphinx.so.3 && has_library libsphinxbase.so.3 &&
    [ -e /usr/share/pocketsphinx/model/en-us/en-us.lm.bin ]
}
has_voices() { has_command espeak-ng; }
has_recordings() {
  [ -e /usr/share/asterisk/sounds/en_US_f_Allison/activated.g722 ] &&
    [ -e /usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz ]
}
has_encoder() { has_command ffmpeg; }
has_keychain() {
  has_command dbus-daemon && has_command dbus-send && has_command gnome-keyring-daemon &&
    has_library libsecret-1.so.0
}

# Why nothing can be installed; empty where it can.
refusal=''
is_updated=no
prepare() {
  [ "$is_updated" = no ] || return 0
  is_updated=yes
  if ! has_command apt-get; then
    refusal='this system has no apt-get to install it with'
  elif [ "$(id -u)" != 0 ]; then
    refusal='only root may install it: sudo scripts/system-packages.sh'
  elif ! apt-get update -qq >/dev/null; then
    refusal='the list of packages could not be read'
  fi
}

# need CHECK NAME TESTS PACKAGE...: installs the packages unless the check finds what they bring.
need() {
  local check=$1 name=$2 tests=$3
  shift 3
  "$check" && return
  prepare
  local why=$refusal
  if [ -z "$why" ]; then
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null && "$check" && return
    why='it could not be installed'
  fi
  echo "SKIPPED: $name is not installed ($*), and $why. The tests of $tests are left out." >&2
}

need has_chromium 'Chromium' 'the account page' chromium
need has_recogniser 'The recogniser of speech' 'hearing' libpocketsphinx3 pocketsphinx-en-us
need has_voices 'The voice engine espeak-ng' 'languages other than English' espeak-ng
need has_recordings 'The set of recordings' 'hearing people' asterisk-core-sounds-en asterisk-core-sounds-en-g722
need has_encoder 'ffmpeg' 'the forms of sound' ffmpeg
need has_keychain 'The keychain' 'the keychain' dbus gnome-keyring libsecret-1-0
exit 0
