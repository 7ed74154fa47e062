/** The page that compares blocks: opens the way to the editor and shows what it is told. */
import { createController } from './controller';
import { ComparePanel } from './elements/panel';
import { openHost } from './host';

const host = openHost();
const panel = new ComparePanel();
const controller = createController(host, () => panel.requestUpdate());

panel.controller = controller;
document.getElementById('panel')?.append(panel);
host.listen((message) => controller.receive(message));
window.addEventListener('unhandledrejection', ({ reason }) => host.post({ kind: 'log', level: 'error', text: String(reason) }));
controller.start();
host.post({ kind: 'ready' });
