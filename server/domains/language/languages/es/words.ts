import { lemmas, mannersOf } from '../hearing.ts'
import { foldSpanish } from './numbers.ts'

/** Forms of a word; the first stands for the others. */
const FORMS = lemmas(
  `
  el la los las lo
  un una uno unos unas
  mi mis
  nuestro nuestra nuestros nuestras
  recuerdame recuerdeme recordarme recuerdenme recuerdanos recordadme acuerdame acuerdeme
  recuerdes recuerde recuerdas recuerda recordar recuerden
  avisame aviseme avisarme avisanos aviseis avisa
  avises avise avisas
  pon ponga ponme pongame poner ponerme pongas pones ponlo ponla ponle pondras
  anade anada anadir anademe anadame anadelo anades anadas anadir anadirme
  agrega agregue agregar agregame agregueme agregalo agregas agregues
  apunta apunte apuntar apuntame apunteme apuntalo apuntas apuntes
  anota anote anotar anotame anoteme anotalo anotas anotes
  mete meta meter meteme metas metes
  incluye incluya incluir incluyeme
  quita quite quitar quitame quiteme quitas quites
  borra borre borrar borrame borreme borras borres borralo
  elimina elimine eliminar eliminame elimines eliminas
  tacha tache tachar tachame taches tachas
  marca marque marcar marcame marques marcas
  cancela cancele cancelar cancelame canceles cancelas
  anula anule anular anulame
  muestra muestre mostrar muestrame muestreme mostrarme muestras ensename enseñeme enseñarme ensena ensene ensenar
  dime digame decirme di decir digas
  lee lea leer leeme leame leerme lees leas
  lista liste listar listame
  busca busque buscar buscame busqueme buscarme buscas busques
  encuentra encuentre encontrar encuentrame
  guarda guarde guardar guardame guardarme guardas guardes guardalo
  olvida olvide olvidar olvidate olvidese olvidalo olvides
  crea cree crear creame crearme crees creas
  haz haga hacer hazme hagame hacerme hagas haces
  inicia inicie iniciar iniciame inicies
  empieza empiece empezar comienza comience comenzar arranca arranque arrancar
  programa programe programar programame programeme
  despiertame despierteme despertarme despiertes
  para pare parar pares
  deten detenga detener detente detengase
  calcula calcule calcular calculame calcules
  convierte convierta convertir convierteme convertirme
  resume resuma resumir resumeme resumame resumirme resumelo
  traduce traduzca traducir
  cuenta cuente contar cuentame cuenteme contarme
  vigila vigile vigilar vigilame vigiles
  monitoriza monitorice monitorizar monitorea monitoree monitorear
  observa observe observar
  descarga descargue descargar descargame descargate bajame baja bajar
  obten obtenga obtener obtenme
  trae traiga traer traeme traigame
  abre abra abrir abreme
  envia envie enviar enviame manda mande mandar
  renombra renombre renombrar
  cambia cambie cambiar cambiame
  activa active activar activame
  desactiva desactive desactivar
  enciende encienda encender prende prender
  apaga apague apagar
  ejecuta ejecute ejecutar lanza lance lanzar
  comprueba compruebe comprobar verifica verifique verificar revisa revise revisar chequea
  restaura restaure restaurar
  exporta exporte exportar exportame
  importa importe importar importame
  pospon posponga posponer aplaza aplace aplazar posponlo aplazalo
  repite repita repetir
  deshaz deshaga deshacer deshazlo
  rehaz rehaga rehacer rehazlo
  explica explique explicar explicame expliqueme
  ayudame ayudeme ayudarme ayuda
  filtra filtre filtrar
  compara compare comparar
  reemplaza reemplace reemplazar sustituye sustituya sustituir
  etiqueta etiquete etiquetar etiquetalo etiquetala
  fija fije fijar fijame fijala fijalo
  extrae extraiga extraer saca saque sacar sacame
  detecta detecte detectar identifica identifique identificar
  aprueba apruebe aprobar apruebalo
  rechaza rechace rechazar rechazalo
  dibuja dibuje dibujar
  tengo tenemos
  hay haya
  hice hicimos
  dije dijimos dicho
  este esta estos estas estan
  todo toda todos todas
  ultimo ultima ultimos ultimas
  nuevo nueva nuevos nuevas
  proximo proxima proximos proximas
  otro otra otros otras
  seguro segura seguros seguras
  cuanto cuanta cuantos cuantas
  algun alguna alguno algunos algunas
  ese esa eso esos esas
  hecho hecha hechos hechas
  comprado comprada comprados compradas
  terminado terminada terminados terminadas
  tu tus
  cual cuales
  que q
  `,
  foldSpanish,
)

/** One form for each word: "póngame" is "pon", "las" is "el", and the plural is the singular. */
export function keyOf(word: string): string {
  const folded = foldSpanish(word)
  const form = FORMS.get(folded)
  if (form !== undefined) return form
  const single = folded.replace(/(?<=\p{L}{3}[^es])es$|(?<=\p{L}{3})s$/u, '')
  return FORMS.get(single) ?? single
}

const BEFORE =
  'por favor|porfa|porfavor|puedes|podrías|puede|podría|puede usted|podría usted|me puedes|quiero que|quisiera que|me gustaría que|necesito que|' +
  'te importaría|le importaría|quiero|quisiera|me gustaría|necesito|oye|oiga|hola|hey|eh|ok|vale|bueno|pues|a ver|buenos días|buenas tardes|buenas|' +
  'sabes|sabe usted|y|venga|si puedes|si es posible|cuando puedas|antes de que se me olvide'
const AFTER = 'por favor|porfa|porfavor|gracias|muchas gracias|mil gracias|si puedes|si puede|vale|ok|anda'
const FAVOUR = keyOf('favor')

export const MANNERS = mannersOf(BEFORE, AFTER, keyOf, (keys, at) => {
  const key = keys[at] ?? ''
  if (keys.length < 3) return false
  return (
    (key === 'por' && keys[at + 1] === FAVOUR) ||
    (key === FAVOUR && keys[at - 1] === 'por') ||
    (key === 'usted' && at < 3) ||
    key === 'porfa'
  )
})
