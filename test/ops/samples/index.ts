/** Every operator's samples: one that is missing here is a type error, and fails the tests. */
import type { OperatorName } from '../../../src/ops/table';
import type { Sample } from '../sample';
import { binarySamples, selectionSamples, unarySamples } from './elementwise';
import { factorSamples } from './factors';
import { creationSamples, joiningSamples, scanSamples } from './joining';
import { expansionSamples, layoutSamples } from './layout';
import { attentionSamples, channelSamples, likelihoodSamples, localNormSamples, patchSamples, samplingSamples, sequenceSamples } from './moduleSteps';
import { axisNormSamples, channelNormSamples, dropoutSamples, softmaxSamples, weightNormSamples } from './norms';
import { onDataSamples } from './onData';
import { patternSamples } from './patterns';
import { diagonalSamples, elementSamples, soughtSamples } from './placed';
import { productSamples } from './products';
import { recurrentSamples } from './recurrent';
import { extremeSamples, reductionSamples } from './reductions';
import { indexingSamples, slicingSamples } from './slicing';
import { spectralSamples } from './spectral';
import { pickingSamples, subscriptSamples } from './subscripts';
import { convolutionSamples, poolSamples, resizingSamples, wideningSamples } from './windows';

export const samples: Record<OperatorName, Sample> = {
  ...productSamples,
  ...recurrentSamples,
  ...convolutionSamples,
  ...wideningSamples,
  ...poolSamples,
  ...resizingSamples,
  ...softmaxSamples,
  ...axisNormSamples,
  ...channelNormSamples,
  ...weightNormSamples,
  ...dropoutSamples,
  ...unarySamples,
  ...binarySamples,
  ...selectionSamples,
  ...reductionSamples,
  ...extremeSamples,
  ...layoutSamples,
  ...patternSamples,
  ...expansionSamples,
  ...slicingSamples,
  ...subscriptSamples,
  ...indexingSamples,
  ...pickingSamples,
  ...joiningSamples,
  ...scanSamples,
  ...elementSamples,
  ...diagonalSamples,
  ...soughtSamples,
  ...spectralSamples,
  ...onDataSamples,
  ...factorSamples,
  ...creationSamples,
  ...attentionSamples,
  ...channelSamples,
  ...likelihoodSamples,
  ...localNormSamples,
  ...patchSamples,
  ...samplingSamples,
  ...sequenceSamples,
};
