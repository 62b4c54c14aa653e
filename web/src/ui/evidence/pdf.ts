/** PDF by pdf.js, loaded when somebody opens one. */
import type { PDFDocumentProxy } from 'pdfjs-dist'

export async function openPdf(address: string): Promise<PDFDocumentProxy> {
  const [library, worker] = await Promise.all([
    import('pdfjs-dist/legacy/build/pdf.mjs'),
    import('pdfjs-dist/legacy/build/pdf.worker.mjs?worker'),
  ])
  library.GlobalWorkerOptions.workerPort ??= new worker.default()
  return library.getDocument({
    url: address,
    cMapUrl: '/pdf/cmaps/',
    cMapPacked: true,
    standardFontDataUrl: '/pdf/standard_fonts/',
    // The policy of the page allows no compiled code.
    useWasm: false,
    enableXfa: false,
  }).promise
}
