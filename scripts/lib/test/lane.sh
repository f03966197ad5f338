#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# lane.sh FUNCTION ARGUMENTS...: a part of scripts/test that runs beside others, in a session of its own.
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../../.." || exit 1
# shellcheck source=scripts/lib/test/parts.sh
. scripts/lib/test/parts.sh

trap 'exit 130' INT # once what runs has stopped its servers, and not the next one
"$@"
exit 0 # what failed was told and counted
