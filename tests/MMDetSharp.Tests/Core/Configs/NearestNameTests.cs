using MMDetSharp.Core.Configs;

namespace MMDetSharp.Tests.Core.Configs;

public class NearestNameTests
{
    [Theory]
    [InlineData("num_clases", "num_classes")]
    [InlineData("num_calsses", "num_classes")]
    [InlineData("NUM_CLASSES", "num_classes")]
    [InlineData("strids", "strides")]
    [InlineData("lrr", "lr")]
    [InlineData("something_else", null)]
    public void Of_Name_IsTheNearest(string name, string? expected) =>
        Assert.Equal(expected, NearestName.Of(name, ["strides", "num_classes", "lr"]));
}
