namespace MMDetSharp.Data.Datasets;

/// <summary>A data set that cannot be used: a missing or broken file, or options that do not fit it.</summary>
/// <remarks>The message says where, what must hold, what was found and what to do.</remarks>
public sealed class DatasetException : Exception
{
    /// <param name="message">Where, what must hold, what was found, what to do.</param>
    public DatasetException(string message)
        : base(message)
    {
    }

    /// <param name="message">Where, what must hold, what was found, what to do.</param>
    /// <param name="cause">The error below it.</param>
    public DatasetException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>An error without a message; give one.</summary>
    public DatasetException()
    {
    }
}
