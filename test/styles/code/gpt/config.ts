export interface GPTConfig {
  vocabSize: number;
  blockSize: number;
  nEmbd: number;
  nHead: number;
  nLayer: number;
  dropout?: number;
  bias?: boolean;
}

export const defaultConfig: GPTConfig = {
  vocabSize: 50,
  blockSize: 16,
  nEmbd: 24,
  nHead: 4,
  nLayer: 2,
  dropout: 0.0,
};

export function mergeConfig(partial?: Partial<GPTConfig>): GPTConfig {
  return { ...defaultConfig, ...(partial ?? {}) };
}
