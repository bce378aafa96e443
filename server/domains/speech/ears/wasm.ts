import { SpeechError } from '../kinds.ts'

/** A library that was compiled by Emscripten: numbers go in and out, and sound through its memory. */
export interface Wasm {
  call(name: string, ...values: readonly number[]): number
  /** The memory as it is now; it moves when it grows. */
  memory(): ArrayBufferLike
}

type Exports = Readonly<Record<string, unknown>> & { HEAPU8: Uint8Array }

/** Packages without types, each with a function that opens it. */
const PACKAGES = { rnnoise: '@echogarden/rnnoise-wasm', fvad: '@echogarden/fvad-wasm' } as const
const opened = new Map<keyof typeof PACKAGES, Promise<Wasm>>()

/** Loads a library once. */
export function openWasm(name: keyof typeof PACKAGES): Promise<Wasm> {
  return opened.getOrInsertComputed(name, async () => {
    const specifier: string = PACKAGES[name]
    const { default: open } = (await import(specifier)) as { default: () => Promise<Exports> }
    const library = await open()
    return {
      call(wanted, ...values) {
        const native = library[`_${wanted}`]
        if (typeof native !== 'function') throw new SpeechError('engine', `${name} has no ${wanted}.`)
        return Number((native as (...given: readonly number[]) => unknown)(...values))
      },
      memory: () => library.HEAPU8.buffer,
    }
  })
}
