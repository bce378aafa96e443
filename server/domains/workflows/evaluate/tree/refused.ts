/** Ends the reading of a source that is not allowed; whoever knows the whole source makes a Fault of it. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly position: number

  constructor(message: string, position: number, options: ErrorOptions = {}) {
    super(message, options)
    this.position = position
  }
}
