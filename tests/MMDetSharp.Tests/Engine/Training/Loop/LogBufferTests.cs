using MMDetSharp.Engine.Training.Loop;

namespace MMDetSharp.Tests.Engine.Training.Loop;

public sealed class LogBufferTests
{
    [Fact]
    public void Average_WeightsByImages()
    {
        var buffer = new LogBuffer();
        buffer.Update("loss", 1, 2);
        buffer.Update("loss", 4, 1);

        buffer.Average();

        // (1 * 2 + 4 * 1) / 3
        Assert.Equal(2.0, buffer.Output["loss"]);
        Assert.True(buffer.IsReady);
    }

    [Fact]
    public void Average_OfTheLatest_LeavesOlderOut()
    {
        var buffer = new LogBuffer();
        foreach (var value in (double[])[1, 2, 3, 5])
        {
            buffer.Update("time", value);
        }

        buffer.Average(2);

        Assert.Equal(4.0, buffer.Output["time"]);
    }

    [Fact]
    public void ClearOutput_KeepsTheHistory()
    {
        var buffer = new LogBuffer();
        buffer.Update("loss", 1);
        buffer.Average();

        buffer.ClearOutput();

        Assert.False(buffer.IsReady);
        Assert.Empty(buffer.Output);
        buffer.Average();
        Assert.Equal(1.0, buffer.Output["loss"]);
    }

    [Fact]
    public void Output_KeepsTheOrderOfNames()
    {
        var buffer = new LogBuffer();
        buffer.Update("data_time", 1);
        buffer.Update("loss_cls", 1);
        buffer.Update("loss_bbox", 1);
        buffer.Update("loss", 1);
        buffer.Update("time", 1);

        buffer.Average();

        Assert.Equal(["data_time", "loss_cls", "loss_bbox", "loss", "time"], buffer.Output.Keys);
    }
}
