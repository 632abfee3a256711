using MMDetSharp.Cli;
using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Tests.Cli;

public sealed class ErrorTextTests
{
    [Fact]
    public void Of_WrappedError_IsTheInnerOne()
    {
        var inner = new DatasetException("train.json: broken. Mend it.");

        Assert.Equal(inner.Message, ErrorText.Of(new AggregateException(new TypeInitializationException("Any", inner))));
        Assert.True(ErrorText.IsExpected(new AggregateException(inner)));
    }

    [Fact]
    public void Of_NativeLibraryOfAnotherVersion_SaysHowToBuildIt()
    {
        var error = new EntryPointNotFoundException("mdt_new");

        Assert.Contains("./mmdet build", ErrorText.Of(error), StringComparison.Ordinal);
        Assert.True(ErrorText.IsExpected(error));
    }

    [Fact]
    public void IsExpected_FaultsOfTheProgram_AreNot()
    {
        Assert.False(ErrorText.IsExpected(new InvalidOperationException()));
        Assert.False(ErrorText.IsExpected(new KeyNotFoundException()));
        Assert.False(ErrorText.IsExpected(new AggregateException(new InvalidCastException())));
    }
}
