/** The reader's settings, from Lab's registry; the schema's defaults where there is none. */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { Preferences } from '../ui/ports';
import { type Readable, Signal } from '../ui/readable';
import type { Side } from './first-start';

export interface Settings {
  readonly preferences: Readable<Preferences>;
  readonly side: Readable<Side>;
  readonly openOnStart: boolean;
}

export async function readSettings(registry: ISettingRegistry | null, id: string): Promise<Settings> {
  const preferences = new Signal<Preferences>({ sendWithEnter: true });
  const side = new Signal<Side>('right');
  let settings: ISettingRegistry.ISettings | undefined;
  try {
    settings = await registry?.load(id);
  } catch (error) {
    console.warn('jupyter-aichat: settings could not be read; defaults are used.', error);
  }
  const take = () => {
    preferences.set({ sendWithEnter: settings?.get('sendWithEnter').composite !== false });
    side.set(settings?.get('side').composite === 'left' ? 'left' : 'right');
  };
  take();
  settings?.changed.connect(take);
  return { preferences, side, openOnStart: settings?.get('openOnStart').composite !== false };
}
