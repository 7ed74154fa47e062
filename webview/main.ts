/** The panel's page: opens the way to the editor and shows what it is told. */
import { createController } from './controller';
import { AttentionPanel } from './elements/panel';
import { openHost } from './host';
import { createRunner } from './runner';

const host = openHost();
const panel = new AttentionPanel();
const runner = createRunner(document.body.dataset.wasm ?? '');
const controller = createController(host, runner, () => panel.requestUpdate());

panel.controller = controller;
document.getElementById('panel')?.append(panel);
host.listen((message) => controller.receive(message));
document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? controller.hide() : controller.unhide()));
window.addEventListener('pagehide', () => controller.hide());
window.addEventListener('unhandledrejection', ({ reason }) => host.post({ kind: 'log', level: 'error', text: String(reason) }));
host.post({ kind: 'ready' });
