/** Code in Lab's own editor, as the reader has set it up. */
import { CodeEditor, type IEditorServices } from '@jupyterlab/codeeditor';
import type { EditorOptions } from '../ui/ports';

export function editorIn({ factoryService, mimeTypeService }: IEditorServices) {
  return (place: HTMLElement, { text, language, label, onChange }: EditorOptions): (() => void) => {
    const mime = mimeTypeService.getMimeTypeByLanguage({ name: language });
    const model = new CodeEditor.Model({ mimeType: (Array.isArray(mime) ? mime[0] : mime) ?? 'text/plain' });
    model.sharedModel.setSource(text);
    const editor = factoryService.newInlineEditor({
      host: place,
      model,
      config: { readOnly: onChange === undefined, lineNumbers: true, lineWrap: true }
    });
    place.querySelector('.cm-content')?.setAttribute('aria-label', label);
    if (onChange) {
      model.sharedModel.changed.connect(() => onChange(model.sharedModel.getSource()));
      editor.focus();
    }
    return () => {
      editor.dispose();
      model.dispose();
      place.replaceChildren();
    };
  };
}
