#!/bin/bash
# Makes the clips of `python -m bench vad`, what Chromium lets through of them, and what other detectors say about both.
# It takes about an hour. Usage: bash training/lab.sh [folder; the default is where the benchmark looks]
set -e
cd "$(dirname "$(realpath "$0")")/.."
lab=${1:-${VOICE_LAB:-$HOME/.cache/voice-agent-lab}}
bash training/install.sh "$lab"
# ten-vad and webrtcvad-wheels are two more references.
run="uv run --group training --group test --with ten-vad --with webrtcvad-wheels python -m"
$run training.clips.make "$lab/clips"
$run training.clips.chromium "$lab/clips" "$lab/heard"
$run training.clips.references "$lab/clips" "$lab/silero_vad.onnx"
$run training.clips.references "$lab/heard" "$lab/silero_vad.onnx"
echo "Now: VOICE_LAB=$lab uv run python -m bench vad"
