import * as tf from '@tensorflow/tfjs';

interface PatchProps { imageSize?: number; patchSize?: number; channels?: number; dim?: number }

export const createPatchEmbedding = ({ imageSize = 8, patchSize = 4, channels = 3, dim = 6 }: PatchProps = {}) => {
  const grid = imageSize / patchSize;
  const numPatches = grid * grid;
  const projection = tf.variable(tf.randomNormal([patchSize, patchSize, channels, dim]));
  const cls = tf.variable(tf.zeros([1, 1, dim]));
  const position = tf.variable(tf.randomNormal([1, numPatches + 1, dim]));

  return (images: tf.Tensor4D): tf.Tensor3D => {
    const [batch] = images.shape;
    const patches = tf.conv2d(images, projection as tf.Tensor4D, patchSize, 'valid');
    const tokens = patches.reshape([batch, numPatches, dim]);
    const clsTokens = tf.tile(cls, [batch, 1, 1]);
    const withCls = tf.concat([clsTokens, tokens], 1);
    return withCls.add(position);
  };
};

export function Viewer(props: PatchProps & { pixels: tf.Tensor4D }) {
  const embed = createPatchEmbedding(props);
  return <pre className="viewer">{embed(props.pixels).shape.join(' × ')}</pre>;
}
