/** A photograph made smaller before it is sent: the long side 2,000 points, JPEG. A sixth of the bytes shows as much. */
const LONG_SIDE = 2000
const QUALITY = 0.8
const SMALL = 400 * 1024

export const fitted = (width: number, height: number) => {
  const scale = Math.min(1, LONG_SIDE / Math.max(width, height))
  return { width: Math.round(width * scale), height: Math.round(height * scale) }
}

/** The same file if it is no photograph, small already, or cannot be read here. */
export async function smaller(file: File): Promise<File> {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= SMALL) return file
  try {
    const picture = await createImageBitmap(file)
    const { width, height } = fitted(picture.width, picture.height)
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height)
    picture.close()
    const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
    if (!made || made.size >= file.size) return file
    return new File([made], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' })
  } catch {
    return file
  }
}
