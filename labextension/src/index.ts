/** What JupyterLab loads. */
import { plugin } from './lab/plugin';

export default [plugin];
