// @vitest-environment happy-dom
import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { MODEL } from './testing/fakes';
import { button, openChat, press, type } from './testing/render';

const popup = () => within(screen.getByRole('dialog', { name: 'Model' }));

describe('the model badge', () => {
  it('says that rules answer, why, and that nothing leaves', async () => {
    await openChat();
    await press('Model: Offline mode: rules, no AI model');
    expect(popup().getByText('Rules, no AI model')).toBeTruthy();
    expect(popup().getByText(/^No model is configured/)).toBeTruthy();
    expect(popup().getByText('Nothing leaves this server.')).toBeTruthy();
    expect(popup().queryByRole('button', { name: 'Disconnect' })).toBeNull();
  });

  it('says which model answers, and where data goes', async () => {
    await openChat({
      backend: backend => {
        backend.inUse = MODEL;
      }
    });
    await press('Model: gpt-5-mini');
    expect(popup().getByText('OPENAI_API_KEY is set.')).toBeTruthy();
    expect(popup().getByText('api.openai.com')).toBeTruthy();
  });

  it('connects a model at once; the key is typed blind and kept nowhere', async () => {
    const { backend } = await openChat();
    await press(/^Model:/);
    const key = popup().getByLabelText<HTMLInputElement>('API key');
    expect(key.type).toBe('password');
    expect(key.autocomplete).toBe('new-password');
    type(popup().getByLabelText('Base URL (optional)'), ' http://127.0.0.1:8000/v1 ');
    type(key, 'secret-key');
    await press('Connect');
    expect(backend.asked).toContainEqual([
      'connect',
      { base_url: 'http://127.0.0.1:8000/v1', api_key: 'secret-key' }
    ]);
    expect(popup().getByRole('status').textContent).toBe('Now in use: openai:gpt-5-mini');
    expect(key.value).toBe('');
    expect(button('Model: gpt-5-mini')).toBeTruthy();
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain('secret-key');
  });

  it('says why a key was refused, and keeps what else was typed', async () => {
    const { backend } = await openChat();
    await press(/^Model:/);
    type(popup().getByLabelText('Model (optional)'), 'gpt-9');
    type(popup().getByLabelText('API key'), 'wrong');
    backend.failure = new Error('api.openai.com refused the API key.');
    await press('Connect');
    expect(popup().getByText('api.openai.com refused the API key.')).toBeTruthy();
    expect(popup().getByLabelText<HTMLInputElement>('Model (optional)').value).toBe('gpt-9');
    expect(popup().getByLabelText<HTMLInputElement>('API key').value).toBe('');
  });

  it('asks for nothing when nothing was entered', async () => {
    await openChat();
    await press(/^Model:/);
    expect(button('Connect')?.disabled).toBe(true);
  });

  it('disconnects what was connected here, and nothing else', async () => {
    const { backend } = await openChat({
      backend: set => {
        set.inUse = MODEL;
      }
    });
    await press(/^Model:/);
    expect(button('Disconnect')).toBeNull();
    type(popup().getByLabelText('Model (optional)'), 'gpt-5-mini');
    await press('Connect');
    await press('Disconnect');
    expect(backend.asked).toContainEqual(['disconnect']);
    expect(button('Model: Offline mode: rules, no AI model')).toBeTruthy();
  });

  it('closes with Escape and on a press elsewhere', async () => {
    await openChat();
    await press(/^Model:/);
    fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' });
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(button(/^Model:/));
    await press(/^Model:/);
    fireEvent.pointerDown(screen.getByRole('log'));
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});
