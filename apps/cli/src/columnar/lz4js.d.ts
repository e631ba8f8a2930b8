declare module 'lz4js' {
  /** Upper bound of the decompressed size of an LZ4 frame, bytes. */
  function decompressBound(frame: Uint8Array): number;
  function decompress(frame: Uint8Array, maximumSize: number): Uint8Array;
  function compress(data: Uint8Array): Uint8Array;
  const lz4: {
    decompressBound: typeof decompressBound;
    decompress: typeof decompress;
    compress: typeof compress;
  };
  export default lz4;
}
