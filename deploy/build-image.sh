#!/bin/sh
# Makes what the image holds of a checkout: build-image.sh FOLDER. Needs Node and pnpm, nothing else.
#
# The command line and the service are deployed each with what it needs at run time; the service, which
# no published package depends on, is put where the command line finds it.
set -eu
out=$1

pnpm install --frozen-lockfile --prefer-offline
pnpm exec turbo run build '--filter=@sema/cli...' --filter=@sema/service --output-logs=errors-only
for app in cli service; do
  pnpm --filter "@sema/$app" deploy --legacy --prod "$out/$app"
  # Built files are not kept in git, and what git ignores is not deployed.
  rm -rf "$out/$app/dist" "$out/$app/src" "$out/$app/test"
  cp -R "apps/$app/dist" "$out/$app/dist"
done
rm -rf "$out/service/dashboard"
mkdir -p "$out/service/dashboard"
cp -R apps/service/dashboard/dist "$out/service/dashboard/dist"
ln -sfn ../../../service "$out/cli/node_modules/@sema/service"
cp deploy/healthy.js LICENSE "$out/"
