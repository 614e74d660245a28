# The Airbyte platform starts a connector by evaluating $AIRBYTE_ENTRYPOINT in sh with kill, sleep, mv and cat at hand, so
# the image needs a shell: busybox, not scratch. As a base it runs any manifest copied to Airbyte's usual place:
#
#   FROM anytap
#   COPY manifest.yaml /airbyte/integration_code/source_declarative_manifest/manifest.yaml
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /anytap .
RUN mkdir -p /image/airbyte/integration_code/source_declarative_manifest /image/etc/ssl/certs /image/tmp \
 && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ && chmod 1777 /image/tmp

FROM busybox:1.37-musl
ARG VERSION=dev
RUN adduser -D -u 1000 -h /airbyte airbyte
COPY --from=build /image/etc/ssl /etc/ssl
COPY --from=build --chown=1000:1000 /image/airbyte /airbyte
COPY --from=build /anytap /usr/local/bin/anytap
USER airbyte
WORKDIR /airbyte/integration_code
ENV AIRBYTE_ENTRYPOINT="/usr/local/bin/anytap"
LABEL io.airbyte.name="anytap/source-anytap" io.airbyte.version="${VERSION}"
ENTRYPOINT ["/usr/local/bin/anytap"]
