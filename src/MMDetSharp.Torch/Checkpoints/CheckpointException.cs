namespace MMDetSharp.Torch.Checkpoints;

/// <summary>
/// A checkpoint cannot be read, written or loaded. The message names the file, what is wrong and what to do.
/// </summary>
public sealed class CheckpointException : Exception
{
    /// <summary>An exception with the whole message: where, what must be so, what was found, what to do.</summary>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>An exception whose cause lies below.</summary>
    public CheckpointException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
