#!/bin/bash
# Installs what training and the clips of `python -m bench vad` need besides the dependency group `training`: sounds of
# Debian packages, as root, and Silero's model. Usage: bash training/install.sh FOLDER
set -e
packages=(
  # Training: voices, and noise.
  klettres-data ktuberling-data tuxpaint-stamps-default espeak-ng festival flite
  festvox-{ca-ona-hts,czech-dita,czech-krb,czech-machac,czech-ph,itapc16k,italp16k,kdlpc16k,suopuhe-lj,suopuhe-mv,us-slt-hts}
  frozen-bubble-data lincity-ng-data lmms-common openttd-opensfx oxygen-sounds sonic-pi-samples sound-theme-freedesktop
  # The clips: other voices, and other noise.
  asterisk-core-sounds-{en,es,fr,it,ru}-g722 asterisk-moh-opsound-g722 asterisk-prompt-{es-co,fr-armelle,it-menardi-wav}
  bucklespring-data pocketsphinx-testdata
  chromium ffmpeg unzip
)
apt-get update -q
apt-get install -y -q --no-install-recommends "${packages[@]}"
mkdir -p "$1"
[ -f "$1/silero_vad.onnx" ] && exit
# Only the model: the package itself brings PyTorch.
uv run --group test python -m pip download -q --no-deps -d "$1" silero-vad==6.2.3
unzip -j -o -q "$1"/silero_vad-*.whl 'silero_vad/data/silero_vad.onnx' -d "$1"
