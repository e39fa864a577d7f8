import { artifactTypeOf, candidatesOf, type Descriptor, type Manifest } from '../../../core/image/manifest.js';

const ociConfig = { mediaType: 'application/vnd.oci.image.config.v1+json' };
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const layer = (mediaType: string): Descriptor => ({ mediaType });
const tar = layer('application/vnd.oci.image.layer.v1.tar+gzip');
const image: Manifest = { config: ociConfig, layers: [tar] };
const member = (digest: string, more: Descriptor = {}): Descriptor => ({ mediaType: manifestType, digest, ...more });
const attestation = member('sha256:attestation', {
  platform: { os: 'unknown' },
  annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
});

describe('a manifest is an image', () => {
  test.each<[string, Manifest]>([
    ['of OCI', image],
    [
      'of Docker',
      {
        config: layer('application/vnd.docker.container.image.v1+json'),
        layers: [layer('application/vnd.docker.image.rootfs.diff.tar.gzip')],
      },
    ],
    ['with uncompressed layers', { config: ociConfig, layers: [layer('application/vnd.oci.image.layer.v1.tar')] }],
    ['with layers of zstd', { config: ociConfig, layers: [layer('application/vnd.oci.image.layer.v1.tar+zstd')] }],
    ['with encrypted layers', { config: ociConfig, layers: [layer('application/vnd.oci.image.layer.v1.tar+gzip+encrypted')] }],
    [
      'with a layer that is not distributed',
      { config: ociConfig, layers: [layer('application/vnd.oci.image.layer.nondistributable.v1.tar+gzip'), tar] },
    ],
    ['with a foreign layer', { config: ociConfig, layers: [layer('application/vnd.docker.image.rootfs.foreign.diff.tar.gzip')] }],
    ['without layers', { config: ociConfig, layers: [] }],
    ['with the type of its configuration as artifactType', { ...image, artifactType: ociConfig.mediaType }],
    ['of schema 1, which has no configuration', {}],
  ])('%s', (_, manifest) => {
    expect(artifactTypeOf(manifest, [])).toBeUndefined();
  });
});

describe('a manifest is no image', () => {
  const empty = layer('application/vnd.oci.empty.v1+json');
  test.each<[string, Manifest, string]>([
    [
      'a build cache',
      { config: layer('application/vnd.buildkit.cacheconfig.v0'), layers: [tar] },
      'application/vnd.buildkit.cacheconfig.v0',
    ],
    [
      'a Helm chart',
      { config: layer('application/vnd.cncf.helm.config.v1+json'), layers: [layer('application/vnd.cncf.helm.chart.content.v1.tar+gzip')] },
      'application/vnd.cncf.helm.config.v1+json',
    ],
    [
      'an SBOM',
      { artifactType: 'application/spdx+json', config: empty, layers: [layer('application/spdx+json')] },
      'application/spdx+json',
    ],
    [
      'an SBOM with the configuration of an image',
      { ...image, artifactType: 'application/vnd.cyclonedx+json' },
      'application/vnd.cyclonedx+json',
    ],
    [
      'a signature of cosign',
      { config: ociConfig, layers: [layer('application/vnd.dev.cosign.simplesigning.v1+json')] },
      'application/vnd.dev.cosign.simplesigning.v1+json',
    ],
    ['an attestation', { config: ociConfig, layers: [layer('application/vnd.in-toto+json')] }, 'application/vnd.in-toto+json'],
    ['a model', { config: layer('application/vnd.docker.ai.model.config.v0.1+json') }, 'application/vnd.docker.ai.model.config.v0.1+json'],
    [
      'a module of WebAssembly',
      { config: layer('application/vnd.wasm.config.v0+json'), layers: [layer('application/wasm')] },
      'application/vnd.wasm.config.v0+json',
    ],
    ['files of ORAS', { config: layer('application/vnd.unknown.config.v1+json'), layers: [tar] }, 'application/vnd.unknown.config.v1+json'],
    ['a plugin of Docker', { config: layer('application/vnd.docker.plugin.v1+json') }, 'application/vnd.docker.plugin.v1+json'],
    [
      'an image with a layer of another kind',
      { config: ociConfig, layers: [tar, layer('application/vnd.cncf.model.weight.v1.raw')] },
      'application/vnd.cncf.model.weight.v1.raw',
    ],
    ['one whose configuration has no type', { config: {} }, 'a manifest without a media type'],
  ])('%s', (_, manifest, type) => {
    expect(artifactTypeOf(manifest, [])).toBe(type);
  });
});

describe('an index', () => {
  const chart: Manifest = { config: layer('application/vnd.cncf.helm.config.v1+json') };

  test('of images and their attestations is an image, with the images as candidates', () => {
    const index = { manifests: [member('sha256:amd64', { platform: { os: 'linux' } }), attestation, member('sha256:arm64')] };

    expect(candidatesOf(index)).toEqual(['sha256:amd64', 'sha256:arm64']);
    expect(artifactTypeOf(index, [image, image])).toBeUndefined();
  });

  test('of an image and a signature index beside it is an image', () => {
    const index = {
      manifests: [member('sha256:soci', { artifactType: 'application/vnd.amazon.soci.index.v2+json' }), member('sha256:amd64')],
    };

    expect(candidatesOf(index)).toEqual(['sha256:amd64']);
    expect(artifactTypeOf(index, [image])).toBeUndefined();
  });

  test('of which one member is an image is one', () => {
    expect(artifactTypeOf({ manifests: [member('sha256:1'), member('sha256:2')] }, [chart, image])).toBeUndefined();
  });

  test.each<[string, Manifest, readonly Manifest[], string]>([
    ['of charts', { manifests: [member('sha256:1'), member('sha256:2')] }, [chart, chart], 'application/vnd.cncf.helm.config.v1+json'],
    ['of attestations alone', { manifests: [attestation] }, [], 'attestation-manifest'],
    [
      'of layers, as buildx exports a cache',
      { manifests: [layer('application/vnd.oci.image.layer.v1.tar+gzip'), layer('application/vnd.buildkit.cacheconfig.v0')] },
      [],
      'application/vnd.oci.image.layer.v1.tar+gzip',
    ],
    ['of nothing', { manifests: [] }, [], 'an index without manifests'],
    [
      'with the type of another artifact',
      { artifactType: 'application/vnd.example+type', manifests: [member('sha256:1')] },
      [image],
      'application/vnd.example+type',
    ],
  ])('%s is no image', (_, index, members, type) => {
    expect(artifactTypeOf(index, members)).toBe(type);
  });

  test('whose members could not be read, or are indexes, is taken for an image', () => {
    expect(artifactTypeOf({ manifests: [member('sha256:1')] }, [])).toBeUndefined();
    expect(artifactTypeOf({ manifests: [member('sha256:1')] }, [{ manifests: [] }])).toBeUndefined();
  });
});
