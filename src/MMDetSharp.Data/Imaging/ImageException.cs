namespace MMDetSharp.Data.Imaging;

/// <summary>An image that cannot be read, written or changed as asked.</summary>
/// <remarks>The message says where, what must hold, what was found and what to do.</remarks>
public sealed class ImageException : Exception
{
    /// <param name="message">Where, what must hold, what was found, what to do.</param>
    public ImageException(string message)
        : base(message)
    {
    }

    /// <param name="message">Where, what must hold, what was found, what to do.</param>
    /// <param name="cause">The error below it.</param>
    public ImageException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>An error without a message; give one.</summary>
    public ImageException()
    {
    }
}
