/** The user's settings, read where they are needed: they may differ from folder to folder. */
import { type ConfigurationScope, ConfigurationTarget, workspace } from 'vscode';
import type { ChosenSizes, Precision } from '../analysis/types';
import type { AnalysisOptions, RunLimits } from '../protocol/messages';

const SECTION = 'attentionShapes';

const get = <T>(scope: ConfigurationScope, name: string, otherwise: T): T => workspace.getConfiguration(SECTION, scope).get(name, otherwise);

export type Feature = 'hover' | 'hints' | 'diagnostics' | 'codeLens';

/** Whether a feature is switched on. */
export const isOn = (scope: ConfigurationScope, feature: Feature): boolean => get(scope, `${feature}.enabled`, true);

/** Whether it is shown beside the lines how much memory is alive there. */
export const isMemoryShown = (scope: ConfigurationScope): boolean => get(scope, 'memory.gutter', false);

/** Files larger than this are not read. */
export const maxFileBytes = (scope: ConfigurationScope): number => get(scope, 'maxFileKilobytes', 1024) * 1024;

/** What a block may hold while it runs. */
export const runLimits = (scope: ConfigurationScope): RunLimits => ({ maxBytes: get(scope, 'run.maxMegabytes', 1024) * 1024 * 1024 });

function exampleSizes(scope: ConfigurationScope): ChosenSizes {
  const entries = Object.entries(get<Record<string, unknown>>(scope, 'sizes', {}));
  return Object.fromEntries(entries.filter((entry): entry is [string, number] => Number.isInteger(entry[1]) && Number(entry[1]) >= 1));
}

const SEVERITIES: ReadonlySet<unknown> = new Set(['error', 'warning', 'information', 'hint', 'off']);

/** A copy: what the editor hands out cannot be posted to a worker. */
function severities(scope: ConfigurationScope): AnalysisOptions['severities'] {
  const entries = Object.entries(get<AnalysisOptions['severities']>(scope, 'diagnostics.severity', {}));
  return Object.fromEntries(entries.filter(([, severity]) => SEVERITIES.has(severity)));
}

const PRECISIONS: readonly string[] = ['float32', 'float16', 'bfloat16', 'autocast-float16', 'autocast-bfloat16'] satisfies Precision[];

const isPrecision = (value: string): value is Precision => PRECISIONS.includes(value);

/** In which number type costs are worked out. */
export function precision(scope: ConfigurationScope): Precision {
  const value = get<string>(scope, 'dtype', 'float32');
  return isPrecision(value) ? value : 'float32';
}

/** How a file is to be analysed: `chosen` sizes by module over those of the settings. */
export function analysisOptions(scope: ConfigurationScope, chosen: AnalysisOptions['sizes']): AnalysisOptions {
  return {
    sizes: { '*': exampleSizes(scope), ...chosen },
    precision: precision(scope),
    hintStyle: get<AnalysisOptions['hintStyle']>(scope, 'hints.style', 'short'),
    severities: severities(scope),
    maxFileBytes: maxFileBytes(scope),
  };
}

/** Switches a setting where it was set last: in the workspace, else for the user. */
async function toggle(name: string, otherwise: boolean): Promise<void> {
  const configuration = workspace.getConfiguration(SECTION);
  const set = configuration.inspect<boolean>(name);
  const target = set?.workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
  await configuration.update(name, !configuration.get(name, otherwise), target);
}

export const toggleHints = (): Promise<void> => toggle('hints.enabled', true);

export const toggleMemory = (): Promise<void> => toggle('memory.gutter', false);

export const touches = (change: { affectsConfiguration(section: string): boolean }): boolean => change.affectsConfiguration(SECTION);
