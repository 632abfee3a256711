namespace MMDetSharp.Data.Loading;

/// <summary>An image that could not be made ready for the network.</summary>
/// <remarks>The message names the file and says what to do.</remarks>
public sealed class DataLoaderException : Exception
{
    /// <param name="message">Where, what must hold, what was found, what to do.</param>
    public DataLoaderException(string message)
        : base(message)
    {
    }

    /// <param name="message">Where, what must hold, what was found, what to do.</param>
    /// <param name="cause">The error below it.</param>
    public DataLoaderException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>An error without a message; give one.</summary>
    public DataLoaderException()
    {
    }
}
