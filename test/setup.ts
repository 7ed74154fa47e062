/** Drawn cases are the same in every run, so that a failure is one that anybody can see again; `SEED=7 npm run test:unit` draws others. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.SEED ?? 1) });
