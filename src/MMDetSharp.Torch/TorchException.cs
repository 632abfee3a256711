namespace MMDetSharp.Torch;

/// <summary>An operation that libtorch refused, or a native library that is missing. The message says which.</summary>
public sealed class TorchException(string message) : Exception(message);
