# The Airbyte platform starts a connector by evaluating $AIRBYTE_ENTRYPOINT in sh, and expects kill, sleep, mv and cat. So
# the image needs a shell: packaging/docker/rootfs puts BusyBox beside the binary, for people too.
#
# An image based on this one runs the manifest that it has in Airbyte's usual place:
#
#   FROM anytap
#   COPY manifest.yaml /airbyte/integration_code/source_declarative_manifest/manifest.yaml
FROM golang:1.26 AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates busybox-static
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /anytap .
# /airbyte is copied by itself, with --chown, since not every engine keeps a folder's owner
RUN packaging/docker/rootfs /anytap /image && mv /image/airbyte /airbyte

FROM scratch
ARG VERSION=dev
COPY --from=build /image /
COPY --from=build --chown=1000:1000 /airbyte /airbyte
USER airbyte
WORKDIR /airbyte/integration_code
ENV PATH="/usr/local/bin:/bin" AIRBYTE_ENTRYPOINT="/usr/local/bin/anytap" XDG_CACHE_HOME="/tmp"
LABEL io.airbyte.name="anytap/source-anytap" io.airbyte.version="${VERSION}" \
  org.opencontainers.image.licenses="Apache-2.0"
ENTRYPOINT ["/usr/local/bin/anytap"]
