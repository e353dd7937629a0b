/** Why a run failed, in one sentence, and the one thing that helps. */
import type { Text, Translate } from '../../i18n/translate';
import type { RunFailure } from '../../protocol/types';

/** `again`: ask the same question. `model`: open the model's settings. `thread`: begin a new thread. */
export type Remedy = 'again' | 'model' | 'thread';

export interface FailureWords {
  readonly sentence: string;
  readonly remedy: Remedy;
  readonly button: string;
}

export function failureWords(failure: RunFailure, t: Translate): FailureWords {
  const host = failure.host || t("The model's server");
  const model = failure.model || t('this model');
  const say = (sentence: string, remedy: Remedy, button: Text & ButtonText): FailureWords => ({
    sentence,
    remedy,
    button: t(button)
  });
  switch (failure.code) {
    case 'model_auth':
      return say(t('{host} refused the API key.', { host }), 'model', 'Change key');
    case 'model_not_found':
      return say(t('{host} has no model "{model}".', { host, model }), 'model', 'Choose a model');
    case 'model_rate': {
      const seconds = failure.retry_after;
      return say(
        seconds === undefined
          ? t('{host} is limiting requests. Try again in a moment.', { host })
          : t('{host} is limiting requests. Try again in {s} s.', { host, s: Math.ceil(seconds) }),
        'again',
        'Try again'
      );
    }
    case 'model_timeout':
      return say(t('{host} stopped answering. The text so far is kept.', { host }), 'again', 'Try again');
    case 'interrupted':
      return say(
        t('The server restarted during this answer. The text so far is kept; no code is repeated by itself.'),
        'again',
        'Ask again'
      );
    case 'model_context':
      return say(
        own(failure, t, t('This conversation is too long for {model}.', { model })),
        'thread',
        'New thread'
      );
    case 'model_error':
      return say(own(failure, t, t('{host} answered with an error.', { host })), 'again', 'Try again');
    case 'timeout':
      return say(
        own(failure, t, t('The answer took too long and was stopped. The text so far is kept.')),
        'again',
        'Ask again'
      );
    case 'limit':
      return say(
        own(failure, t, t('The answer reached its limit. The text so far is kept.')),
        'again',
        'Ask again'
      );
    case 'storage':
      return say(
        own(failure, t, t("The conversation can't be saved. Nothing new is sent until it can.")),
        'again',
        'Try again'
      );
    case 'internal':
      return say(
        own(failure, t, t('The server made a mistake. The text so far is kept.')),
        'again',
        'Try again'
      );
    default:
      return unknown(failure.code, failure, t);
  }
}

type ButtonText = 'Change key' | 'Choose a model' | 'Try again' | 'Ask again' | 'New thread';

/** The server's own sentence knows more, but it is English. */
function own(failure: RunFailure, t: Translate, sentence: string): string {
  return t.language === 'en' && failure.error ? failure.error : sentence;
}

/** A newer server may have other codes; the compiler still demands those of this version above. */
function unknown(_code: never, failure: RunFailure, t: Translate): FailureWords {
  return { sentence: failure.error, remedy: 'again', button: t('Try again') };
}
