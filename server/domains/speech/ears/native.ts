import { SpeechError } from '../kinds.ts'
import type { EngineFiles } from './library.ts'

/** An address in the memory of the engine. */
export type Pointer = bigint
type Native = (...values: readonly unknown[]) => unknown

/** C functions of the two libraries that are used, by name. */
export interface Library {
  /** Counts in logarithms of the base that all models and decoders have. */
  logmath: Pointer
  call(name: string, ...values: readonly unknown[]): unknown
  text(name: string, ...values: readonly unknown[]): string | undefined
  /** Reads a language model; whoever asked frees it. */
  model(path: string): Pointer
}

/** Of a file of a language model, which the engine then tells by its name. */
const DETECT_TYPE = 0
/** What the likelihood of words counts against that of their sound, and what each word costs; the engine's own. */
const LANGUAGE_WEIGHT = 6.5
const WORD_INSERTION = 0.65
/** The engine's own. */
const LOG_BASE = 1.0001
const SIGNATURES = {
  base: [
    'void *cmd_ln_parse_r(void *config, void *definitions, int count, const char **values, int strict)',
    'void err_set_logfp(void *file)',
    'int cmd_ln_free_r(void *config)',
    'void *ngram_model_read(void *config, const char *path, int type, void *logmath)',
    'int ngram_model_apply_weights(void *model, float weight, float insertion)',
    'void *ngram_model_retain(void *model)',
    'int ngram_model_free(void *model)',
    'void *ngram_model_set_init(void *config, void **models, const char **names, const float *weights, int count)',
    'const uint32_t *ngram_model_get_counts(void *model)',
    'const char *ngram_word(void *model, int word)',
    'int ngram_ng_prob(void *model, int word, const int *before, int count, _Out_ int *used)',
    'void *logmath_init(double base, int shift, int table)',
    'double logmath_exp(void *logmath, int value)',
    'double logmath_log_to_log10(void *logmath, int value)',
  ],
  decoder: [
    'void *ps_args()',
    'void *ps_init(void *config)',
    'int ps_free(void *decoder)',
    'void *ps_get_logmath(void *decoder)',
    'int ps_start_stream(void *decoder)',
    'int ps_start_utt(void *decoder)',
    'int ps_process_raw(void *decoder, const int16_t *samples, size_t count, int no_search, int whole)',
    'int ps_end_utt(void *decoder)',
    'const char *ps_get_hyp(void *decoder, _Out_ int *score)',
    'int ps_get_prob(void *decoder)',
    'void *ps_seg_iter(void *decoder)',
    'void *ps_seg_next(void *segment)',
    'const char *ps_seg_word(void *segment)',
    'void ps_seg_frames(void *segment, _Out_ int *from, _Out_ int *to)',
    'int ps_seg_prob(void *segment, _Out_ int *acoustic, _Out_ int *language, _Out_ int *backoff)',
    'int ps_set_search(void *decoder, const char *name)',
    'int ps_unset_search(void *decoder, const char *name)',
    'int ps_set_lm(void *decoder, const char *name, void *model)',
    'int ps_set_lm_file(void *decoder, const char *name, const char *path)',
    'int ps_set_jsgf_string(void *decoder, const char *name, const char *grammar)',
    'int ps_set_keyphrase(void *decoder, const char *name, const char *phrase)',
    'int ps_set_allphone_file(void *decoder, const char *name, const char *path)',
    'int ps_add_word(void *decoder, const char *word, const char *phones, int update)',
    'const char *! ps_lookup_word(void *decoder, const char *word)',
  ],
}

const loaded = new Map<string, Promise<Library>>()

/** Loads the libraries once. @throws SpeechError `missing` */
export async function loadLibrary(files: EngineFiles): Promise<Library> {
  try {
    return await loaded.getOrInsertComputed(files.decoder, () => bind(files))
  } catch (cause) {
    loaded.delete(files.decoder)
    throw new SpeechError('missing', 'The speech recogniser can not be loaded on this machine.', { cause })
  }
}

async function bind(files: EngineFiles): Promise<Library> {
  const { default: koffi } = await import('koffi')
  const functions = new Map<string, Native>()
  // The decoder needs symbols of the other one, which is therefore loaded first and for all.
  const base = koffi.load(files.base, { global: true })
  const decoder = koffi.load(files.decoder)
  for (const [library, signatures] of [
    [base, SIGNATURES.base],
    [decoder, SIGNATURES.decoder],
  ] as const)
    for (const signature of signatures)
      functions.set(/(\w+)\(/.exec(signature)?.[1] ?? '', library.func(signature) as Native)
  function call(name: string, ...values: readonly unknown[]): unknown {
    const native = functions.get(name)
    if (native === undefined) throw new SpeechError('engine', `The engine has no ${name}.`)
    return native(...values)
  }
  // It would write what it does, and what it hears, to the log of whoever runs the server.
  call('err_set_logfp', null)
  const logmath = need(call('logmath_init', LOG_BASE, 0, 1), 'The engine can not count.')
  let general: Pointer | undefined
  function read(path: string): Pointer {
    const model = need(
      call('ngram_model_read', null, path, DETECT_TYPE, logmath),
      `No language model: ${path}.`,
    )
    call('ngram_model_apply_weights', model, LANGUAGE_WEIGHT, WORD_INSERTION)
    return model
  }
  return {
    logmath,
    model(path) {
      if (path !== files.language_model) return read(path)
      // It takes a third of a second to read, and every decoder shares it.
      general ??= read(path)
      call('ngram_model_retain', general)
      return general
    },
    call,
    text(name, ...values) {
      const found = call(name, ...values)
      return typeof found === 'string' ? found : undefined
    },
  }
}

/** An address that is there. @throws SpeechError */
export function need(pointer: unknown, problem: string): Pointer {
  if (typeof pointer === 'bigint' && pointer !== 0n) return pointer
  throw new SpeechError('engine', problem)
}
