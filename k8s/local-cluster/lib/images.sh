# shellcheck shell=bash
# Images without a registry: OCI archives written from a folder, and their import into the cluster's containerd.

IMAGE_PAUSE=agentrun.local/pause:1
IMAGE_COREDNS=agentrun.local/coredns:$(pinned github.com/coredns/coredns)
IMAGE_METRICS_SERVER=agentrun.local/metrics-server:$(pinned sigs.k8s.io/metrics-server)
IMAGE_TOOLS=agentrun.local/tools:1
ARCHIVES=$CACHE/images/$(basename "$BIN")

# What the cluster itself runs on: static binaries in otherwise empty images, and a small image with a shell and curl for test pods.
build_system_images() {
  mkdir -p "$ARCHIVES"
  binary_image pause /usr/bin/catatonit "$IMAGE_PAUSE" '["/pause","-P"]'
  binary_image coredns "$BIN/coredns" "$IMAGE_COREDNS" '["/coredns"]'
  binary_image metrics-server "$BIN/metrics-server" "$IMAGE_METRICS_SERVER" '["/metrics-server"]'
  tools_image
}

# binary_image NAME BINARY REFERENCE ENTRYPOINT: an image that holds BINARY as /NAME.
binary_image() {
  local root
  [ -f "$ARCHIVES/$1.tar" ] && return
  step "writing image $3"
  root=$(mktemp -d)
  mkdir -m 1777 "$root/tmp"
  install -m 755 "$2" "$root/$1"
  oci_archive "$root" "$ARCHIVES/$1.tar" "$3" "{\"Entrypoint\":$4,\"User\":\"65532:65532\"}"
  rm -rf "$root"
}

# busybox (shell, nc, nslookup, httpd) and curl: what test pods need. Packages are unpacked, not installed: no script of theirs runs.
tools_image() {
  local work root name
  [ -f "$ARCHIVES/tools.tar" ] && return
  step "writing image $IMAGE_TOOLS (about 20 s)"
  work=$(mktemp -d); root=$work/root
  mmdebstrap --quiet --variant=extract --include=busybox-static,curl,ca-certificates --dpkgopt='path-exclude=/usr/share/*' bookworm "$work/root.tar" >"$ARCHIVES/tools.log" 2>&1 ||
    { tail -n 15 "$ARCHIVES/tools.log" >&2; die "mmdebstrap failed"; }
  mkdir "$root"; tar -xf "$work/root.tar" -C "$root" --exclude='./dev/*'
  mkdir -p "$root/bin" "$root/etc" "$root/proc" "$root/sys" "$root/dev"; mkdir -p -m 1777 "$root/tmp"
  for name in $("$root/bin/busybox" --list); do
    [ -e "$root/bin/$name" ] || [ -e "$root/usr/bin/$name" ] || ln -s /bin/busybox "$root/bin/$name"
  done
  printf 'root:x:0:0::/:/bin/sh\nagent:x:65532:65532::/tmp:/bin/sh\n' >"$root/etc/passwd"
  printf 'root:x:0:\nagent:x:65532:\n' >"$root/etc/group"
  oci_archive "$root" "$ARCHIVES/tools.tar" "$IMAGE_TOOLS" '{"Cmd":["/bin/sh"],"User":"65532:65532","Env":["PATH=/usr/bin:/bin:/usr/sbin:/sbin"]}'
  rm -rf "$work"
}

# oci_archive FOLDER OUT REFERENCE CONFIG: one layer, the same bytes for the same input.
oci_archive() {
  local folder=$1 out=$2 reference=$3 config=$4 work layer config_digest manifest_digest
  work=$(mktemp -d); mkdir -p "$work/blobs/sha256"
  tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$folder" -cf "$work/layer" .
  layer=$(add_blob "$work" "$work/layer")
  jq -nc --arg layer "$layer" --argjson config "$config" \
    '{architecture:"amd64",os:"linux",config:$config,rootfs:{type:"layers",diff_ids:["sha256:"+$layer]},history:[{created_by:"agentrun local cluster"}]}' >"$work/config"
  config_digest=$(add_blob "$work" "$work/config")
  jq -nc --argjson config "$(descriptor "$work" config.v1+json "$config_digest")" --argjson layer "$(descriptor "$work" layer.v1.tar "$layer")" \
    '{schemaVersion:2,mediaType:"application/vnd.oci.image.manifest.v1+json",config:$config,layers:[$layer]}' >"$work/manifest"
  manifest_digest=$(add_blob "$work" "$work/manifest")
  jq -nc --argjson manifest "$(descriptor "$work" manifest.v1+json "$manifest_digest")" --arg reference "$reference" \
    '{schemaVersion:2,manifests:[$manifest+{annotations:{"org.opencontainers.image.ref.name":$reference}}]}' >"$work/index.json"
  echo '{"imageLayoutVersion":"1.0.0"}' >"$work/oci-layout"
  tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$work" -cf "$out.part" oci-layout index.json blobs
  mv "$out.part" "$out"
  rm -rf "$work"
}
add_blob() {
  local digest; digest=$(sha256sum "$2" | cut -d' ' -f1)
  mv "$2" "$1/blobs/sha256/$digest"
  echo "$digest"
}
descriptor() { jq -nc --arg type "application/vnd.oci.image.$2" --arg digest "sha256:$3" --argjson size "$(stat -c %s "$1/blobs/sha256/$3")" '{mediaType:$type,digest:$digest,size:$size}'; }

# load_archive FILE: imports an OCI archive, unless the same content is there under the same name.
load_archive() {
  local file=$1 index name digest snapshotter
  index=$(tar -xOf "$file" index.json 2>/dev/null || tar -xOf "$file" ./index.json 2>/dev/null) || die "$file is not an OCI archive (it has no index.json)"
  name=$(jq -r '.manifests[0].annotations // {} | .["io.containerd.image.name"] // .["org.opencontainers.image.ref.name"] // ""' <<<"$index")
  digest=$(jq -r '.manifests[0].digest' <<<"$index")
  case $name in
  */*:*) ;;
  *) die "$file names its image '$name': write it with a full name, as in 'buildah push IMAGE oci-archive:FILE:localhost/agentrun/worker:dev'" ;;
  esac
  if ctr_k8s images ls "name==$name" | awk 'NR>1 {print $3}' | grep -qxF "$digest"; then say "    $name is there"; return; fi
  snapshotter=$(sed -n 's/^ *snapshotter = "\(.*\)"/\1/p' "$CONF/containerd.toml")
  ctr --address "$CONTAINERD_SOCK" --namespace k8s.io images import --snapshotter "$snapshotter" "$file" >/dev/null || die "cannot import $file"
  say "    $name loaded"
}
