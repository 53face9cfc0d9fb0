#!/bin/sh
# Starts dms-ddl with the Node in this folder. A link to this file works too.
case $0 in
  */*) program=$0 ;;
  *) program=./$0 ;;
esac
while [ -L "$program" ]; do
  target=$(readlink "$program")
  case $target in
    /*) program=$target ;;
    *) program=${program%/*}/$target ;;
  esac
done
folder=${program%/*}
exec "$folder/bin/node" "$folder/node_modules/dms-ddl/bin/dms-ddl.mjs" "$@"
