const YES =
  /^(?:ja|jap|jo|joa|jawohl|klar|klaro|na klar|aber klar|sicher|gerne?|natürlich|natuerlich|genau|richtig|stimmt|in ordnung|passt|einverstanden|mach (?:das|es|mal)|tu das|tu es|mach weiter|leg los|unbedingt|auf jeden fall|s[ií]|claro|claro que s[ií]|por supuesto|vale|venga|adelante|hazlo|h[aá]galo|dale|correcto|exacto|de acuerdo|está bien|esta bien|c[oó]mo no|desde luego|confirmo|bestätigt|bestaetigt)(?:[\s,.!¡]+(?:ja|bitte|gerne?|danke|doch|das|mach das|mach es|mach|tu das|klar|genau|sí|si|claro|por favor|porfa|hazlo|adelante|gracias|vale))*[\s.!]*$/iu
const NO =
  /^(?:nein|nee|ne|nö|noe|nicht|lieber nicht|besser nicht|bloß nicht|bloss nicht|auf keinen fall|keinesfalls|lass (?:es|das|mal|sein|gut sein)(?: sein| bleiben)?|lassen sie (?:es|das)|vergiss (?:es|das)|abbrechen|abbruch|egal|schon gut|doch nicht|nie|niemals|no|qu[eé] va|mejor no|de ninguna manera|para nada|nada|d[eé]jalo|d[eé]jelo|d[eé]jalo estar|olv[ií]dalo|olv[ií]delo|cancela|canc[eé]lalo|no importa|da igual|ni hablar|tampoco|nunca)(?:[\s,.!¡]+(?:danke|bitte|nicht|doch nicht|lass es|lass das|lieber|das|es|gracias|por favor|d[eé]jalo|olv[ií]dalo|mejor no|no|lo hagas))*[\s.!]*$/iu

/** How a reply in another language answers "shall I?". */
export function consentInTongues(text: string): 'yes' | 'no' | undefined {
  const said = text.trim().replace(/^[¡¿]+/u, '')
  if (YES.test(said)) return 'yes'
  return NO.test(said) ? 'no' : undefined
}
