import * as tf from '@tensorflow/tfjs'
import MHA, { BaseLayer, helpers } from './index.js'

export class EncoderBlock extends BaseLayer {
	build(inputShape) {
		const d = inputShape[inputShape.length - 1]
		this.attention = new MHA({ units: this.config.units, heads: this.config.heads })
		this.attention.build(inputShape)
		this.norm1 = tf.layers.layerNormalization({ epsilon: 1e-6 })
		this.norm2 = tf.layers.layerNormalization()
		this.ff1 = tf.layers.dense({ units: 4 * d, activation: 'relu' })
		this.ff2 = tf.layers.dense({ units: d })
		this.built = true
	}

	call(inputs, kwargs) {
		return tf.tidy(() => {
			let x = this.single(inputs)
			const attn = this.attention.call(x, kwargs || {})
			x = this.norm1.apply(tf.add(x, attn))
			const hidden = this.ff1.apply(x)
			const out = this.ff2.apply(hidden)
			x = this.norm2.apply(x.add(out))
			return x
		})
	}

	static className = 'EncoderBlock'
}

// not used here but others do
export const headsOf = (x) => helpers.splitHeads(x, 2)
